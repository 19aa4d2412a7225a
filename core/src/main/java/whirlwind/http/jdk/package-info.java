/**
 * Code written for the JDK's own web server, served by ours: {@link whirlwind.http.jdk.JdkHandler}
 * runs a {@code com.sun.net.httpserver.HttpHandler}, which may block as it likes, on threads beside
 * the loop.
 *
 * <p>Below: {@code whirlwind.http.server}, of which it is a handler like any other. Above: nothing;
 * an application of {@code whirlwind.web} mounts it with a {@code FallbackHandler}. Tornado: {@code
 * wsgi}.
 */
@NullMarked
package whirlwind.http.jdk;

import org.jspecify.annotations.NullMarked;
