package whirlwind.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a verb's method of a {@link RequestHandler}, or all of them if it stands at the class,
 * is for users that have signed in: those that {@link RequestHandler#currentUser} knows. Others are
 * sent to {@link RequestHandler#getLoginUrl} by GET and HEAD, with where they wanted to go in its
 * argument {@code next}, and are refused with 403 by any other verb.
 *
 * <p>It is asked behind {@link RequestHandler#prepare}, which may set the user, and before a
 * streamed body is read. Subclasses inherit it, methods too as long as they are not overridden
 * without it. Tornado: {@code web.authenticated}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Authenticated {}
