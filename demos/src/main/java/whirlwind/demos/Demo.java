package whirlwind.demos;

import java.util.List;

/**
 * A program that can be started by name.
 *
 * @param arguments what may follow the name on the command line, beside a port; empty: nothing
 * @param summary what it shows, in a few words
 * @param program runs until it is done, or the process is told to end
 */
record Demo(String name, String arguments, String summary, Program program) {
    /** Takes what followed the name. */
    interface Program {
        /**
         * @throws IllegalArgumentException if that can't be used, and why; nothing has been done
         */
        void run(List<String> arguments) throws Exception;
    }

    /** One that takes no arguments. */
    Demo(String name, String summary, Simple program) {
        this(name, "", summary, _ -> program.run());
    }

    /** See {@link Program}. */
    interface Simple {
        void run() throws Exception;
    }
}
