package whirlwind.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@link RequestHandler}: its path doesn't end with a slash. GET and HEAD with one or more are
 * redirected (301) to the path without, the query kept; other verbs are answered with 404. Looked
 * at after {@link RequestHandler#prepare}. The path {@code /} stays. Tornado: {@code removeslash}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RemoveSlash {}
