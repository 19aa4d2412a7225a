package whirlwind.demos;

/**
 * A program that can be started by name.
 *
 * @param summary what it shows, in a few words
 * @param program listens, and runs the current loop until the process is told to end
 */
record Demo(String name, String summary, Program program) {
    interface Program {
        void run() throws Exception;
    }
}
