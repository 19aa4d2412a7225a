package whirlwind.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table in Markdown, aligned so that it reads well in a terminal too: words left, figures right.
 */
public final class Table {
    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heads) {
        this.heads = List.of(heads);
    }

    /** Adds a row with one cell for each head. */
    public void row(String... cells) {
        if (cells.length != heads.size()) {
            throw new IllegalArgumentException(
                    "row: %d cells (expected %d)".formatted(cells.length, heads.size()));
        }
        rows.add(List.of(cells));
    }

    /** Prints the table and an empty line. */
    public void print() {
        int[] widths = IntStream.range(0, heads.size()).map(this::width).toArray();
        System.out.println(line(heads, widths));
        System.out.println(
                IntStream.range(0, widths.length)
                        .mapToObj(i -> i == 0 ? "-".repeat(widths[i]) : rule(widths[i]))
                        .collect(Collectors.joining(" | ", "| ", " |")));
        rows.forEach(row -> System.out.println(line(row, widths)));
        System.out.println();
    }

    private static String rule(int width) {
        return "-".repeat(width - 1) + ":";
    }

    private int width(int column) {
        int widest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(Math.max(widest, heads.get(column).length()), 3);
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(i -> pad(cells.get(i), i == 0 ? -widths[i] : widths[i]))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String pad(String cell, int width) {
        return ("%" + width + "s").formatted(cell);
    }
}
