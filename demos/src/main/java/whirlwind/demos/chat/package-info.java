/**
 * A chat, twice. {@link whirlwind.demos.chat.Chat} has rooms over a {@linkplain
 * whirlwind.realtime.Hub hub}, which brings history, presence, and clients that come back; start
 * there. {@link whirlwind.demos.chat.LongPoll} is one room by long polling, with everything done by
 * hand: it puts a transport round a {@link whirlwind.demos.chat.Room}, which knows nothing of
 * connections. Both serve the same page, but for its script.
 *
 * <p>By long polling they talk JSON objects, whose {@code type} is the name of a record in {@link
 * whirlwind.demos.chat.FromPage} or {@link whirlwind.demos.chat.FromRoom} in lower case:
 *
 * <pre>
 * page  {"type":"hello", "name":"Ada", "session":"k3x…", "after":0}
 * room  {"type":"welcome", "id":17, "name":"Ada", "people":["Ada","Bob"], "messages":[…]}
 * page  {"type":"say", "key":"a7…", "text":"Hi"}
 * room  {"type":"said", "id":18, "time":1767225600000, "name":"Ada", "text":"Hi", "key":"a7…"}     to everybody
 *       {"type":"refused", "key":"a7…", "reason":"too many messages", "retryMillis":500}             or this, to Ada
 * room  {"type":"joined", "id":19, "name":"Eve"}    {"type":"left", "id":20, "name":"Bob"}           to everybody
 * </pre>
 *
 * <p>A connection that breaks is replaced by another {@code hello} with the same {@code session},
 * which keeps the name, and the id of the last message as {@code after}, which brings what was
 * missed. Ids grow, also beyond a restart. A message that was in doubt is said again with the same
 * {@code key}, and taken once.
 *
 * <p>Everything runs on one loop, so nothing here needs a lock.
 */
@NullMarked
package whirlwind.demos.chat;

import org.jspecify.annotations.NullMarked;
