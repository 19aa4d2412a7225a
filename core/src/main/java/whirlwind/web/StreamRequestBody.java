package whirlwind.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@link RequestHandler}: bodies of requests are not read into memory, but handed to {@link
 * RequestHandler#dataReceived} as they arrive. {@link RequestHandler#prepare} runs before that,
 * with the head alone, and may refuse or {@linkplain RequestHandler#setMaxBodySize set a limit};
 * the verb's method runs after the last piece. Arguments and files of such a body are not parsed.
 *
 * <p>All handlers of one route must agree about this: it is looked up once for each. Tornado:
 * {@code stream_request_body}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface StreamRequestBody {}
