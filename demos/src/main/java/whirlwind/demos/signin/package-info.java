/**
 * Users who sign in by Google, or by a provider of our own that believes everybody. {@link
 * whirlwind.demos.signin.SignIn} is what a site of yours would have; {@link
 * whirlwind.demos.signin.PracticeProvider} shows the other side of the protocol.
 */
@NullMarked
package whirlwind.demos.signin;

import org.jspecify.annotations.NullMarked;
