package whirlwind.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of one benchmark, each {@code --name VALUE}, with their defaults and what they mean.
 */
public final class Options {
    private final Map<String, @Nullable String> values = new HashMap<>();

    private Options() {}

    /**
     * One option.
     *
     * @param name without the dashes
     * @param preset its value where none is given; null: none
     * @param meaning for {@code --help}
     */
    public record Option(String name, @Nullable String preset, String meaning) {
        private static final String OFF = "off";

        /** One that is given or not, without a value. */
        public static Option flag(String name, String meaning) {
            return new Option(name, OFF, meaning);
        }

        private boolean isFlag() {
            return OFF.equals(preset);
        }
    }

    /**
     * Reads {@code arguments}; null if they ask for help, which is then printed.
     *
     * @throws MisuseException if an option is unknown or lacks its value
     */
    public static @Nullable Options parse(
            String benchmark, List<Option> known, List<String> arguments) {
        var options = new Options();
        known.forEach(option -> options.values.put(option.name(), option.preset()));
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            if (argument.equals("--help")) {
                help(benchmark, known);
                return null;
            }
            var name = argument.startsWith("--") ? argument.substring(2) : "";
            if (!options.values.containsKey(name)) {
                throw new MisuseException("unknown option " + argument + " (try --help)");
            }
            if (known.stream().anyMatch(o -> o.name().equals(name) && o.isFlag())) {
                options.values.put(name, "on");
            } else if (++i == arguments.size()) {
                throw new MisuseException(argument + " wants a value");
            } else {
                options.values.put(name, arguments.get(i));
            }
        }
        return options;
    }

    private static void help(String benchmark, List<Option> known) {
        System.out.printf("usage: ./whirlwind bench %s [--OPTION VALUE]...%n%n", benchmark);
        for (var option : known) {
            var preset =
                    option.preset() == null || option.isFlag() ? "" : " [" + option.preset() + "]";
            System.out.printf("  --%-16s %s%s%n", option.name(), option.meaning(), preset);
        }
    }

    /** Whether a flag is given. */
    public boolean has(String flag) {
        return "on".equals(values.get(flag));
    }

    /** The value of an option; null where it has none. */
    public @Nullable String find(String name) {
        return values.get(name);
    }

    /** The value of an option that has a default. */
    public String text(String name) {
        var value = values.get(name);
        if (value == null) {
            throw new MisuseException("--" + name + " is needed");
        }
        return value;
    }

    /** The value of an option as a number of at least one. */
    public int number(String name) {
        var text = text(name);
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new MisuseException(
                    "--" + name + ": '" + text + "' (expected a number from 1 on)");
        }
        return Integer.parseInt(text);
    }
}
