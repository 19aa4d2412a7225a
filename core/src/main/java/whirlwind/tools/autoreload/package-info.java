/**
 * Restarts a program when its code changes, for those who write it. Tornado: {@code autoreload}.
 *
 * <p>{@link whirlwind.tools.autoreload.Autoreload} looks at the files of the program that runs;
 * applications start it with the setting {@code autoreload}, and so with {@code debug}. {@link
 * whirlwind.tools.autoreload.Main} runs a program and starts it again when it fails, after the next
 * change.
 *
 * <p>A JVM can't take new code for what it has loaded, so a restart is a new process: the first
 * time the process becomes the launcher ({@code execve}), with the program as its child, and from
 * then on the program ends with a status that asks the launcher to start it again. The process id
 * that a terminal or a service manager knows stays what it was.
 *
 * <p>Below: {@code whirlwind.loop}, {@code whirlwind.process}. Above: {@code whirlwind.web}, as in
 * Tornado. What the launcher uses needs nothing but the JDK.
 */
@NullMarked
package whirlwind.tools.autoreload;

import org.jspecify.annotations.NullMarked;
