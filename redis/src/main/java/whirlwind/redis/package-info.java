/**
 * The hub of several servers: {@link whirlwind.redis.RedisEngine} keeps topics in Redis, which
 * counts their publications, keeps the last of them in streams, passes them on to every server, and
 * knows who is present.
 *
 * <p>An engine has one loop of its own, on which everything in this package happens, Lettuce
 * included: its sockets, timers and tasks are the loop's, so that there is nothing to lock. The
 * loop is none of the application's, for those may be many, and one that is held up must neither
 * hold up the others' messages nor make its server look dead to the other servers. {@code Link} is
 * one pair of connections, from its greeting to its end; {@code Requests}, {@code Bus} and {@code
 * Presence} outlive it, and go on with the next one. What has to happen at once in Redis is a
 * script ({@code *.lua}). Above: nothing. Below: {@code whirlwind.realtime.engine}, which says what
 * a hub expects.
 */
@NullMarked
package whirlwind.redis;

import org.jspecify.annotations.NullMarked;
