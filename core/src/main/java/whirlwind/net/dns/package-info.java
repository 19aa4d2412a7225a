/**
 * Names to addresses.
 *
 * <p>Start at {@link whirlwind.net.dns.Resolver}, and take one from {@link
 * whirlwind.net.dns.Resolver#create}. {@link whirlwind.net.dns.ThreadedResolver}, the default, asks
 * the operating system on other threads; {@link whirlwind.net.dns.BlockingResolver} asks it on the
 * loop; {@link whirlwind.net.dns.AsyncResolver} asks name servers itself and needs no thread;
 * {@link whirlwind.net.dns.OverrideResolver} answers from a map first. A literal address is its own
 * answer, at once. Failures are {@link whirlwind.net.dns.ResolveException}s.
 *
 * <p>A resolver belongs to one loop, as all that it completes does. Below: {@code whirlwind.loop}.
 * Above: {@code whirlwind.net} and the clients. Tornado: the resolvers of {@code netutil}.
 */
@NullMarked
package whirlwind.net.dns;

import org.jspecify.annotations.NullMarked;
