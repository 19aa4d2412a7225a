package whirlwind.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@link RequestHandler}: its path ends with a slash. GET and HEAD without one are redirected
 * (301) to the path with it, the query kept; other verbs are answered with 404. Looked at after
 * {@link RequestHandler#prepare}. The route has to match both forms: {@code Route.regex("/about/?",
 * AboutHandler::new)}. Tornado: {@code addslash}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AddSlash {}
