/** The smallest conversation over a WebSocket, and a page to hold it with. */
@NullMarked
package whirlwind.demos.websocket;

import org.jspecify.annotations.NullMarked;
