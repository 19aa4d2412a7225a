/**
 * Other processors and other processes. Tornado: {@code process}.
 *
 * <p>A loop uses one processor. Start at {@link whirlwind.process.LoopGroup} for a loop on each of
 * them within one JVM, every one with an application of its own; at {@link
 * whirlwind.process.Workers} for the same with a JVM each and a supervisor that restarts those that
 * die; at {@link whirlwind.process.Subprocess} to run any other program and talk to it without
 * blocking the loop.
 *
 * <p>Loops share nothing but their port: the kernel spreads the connections over the sockets that
 * listen on it.
 *
 * <p>Below: {@code whirlwind.net} (streams of pipes), {@code whirlwind.loop}. Above: servers, which
 * look up nothing here: a loop's options say that its servers share their ports.
 */
@NullMarked
package whirlwind.process;

import org.jspecify.annotations.NullMarked;
