package whirlwind.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * For tests in which the engine of coroutines has no part, such as those of parsers, or that take
 * too long to be run twice: they are run on the default engine only.
 */
@Tag("one-engine")
@net.jqwik.api.Tag("one-engine")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneEngine {}
