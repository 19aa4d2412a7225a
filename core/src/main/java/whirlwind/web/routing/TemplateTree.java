package whirlwind.web.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Templates by their segments: finds the one with the lowest index that matches a path. A walk
 * visits a node at most once, and only those whose segments the path has.
 */
final class TemplateTree {
    private static final int NONE = Integer.MAX_VALUE;

    /** Most have one way on, so that a walk among many templates stays in the processor's cache. */
    private static final class Node {
        /** Made when it is needed. */
        Map<String, Node> literals = Map.of();

        /** Behind an argument that takes any segment but an empty one. */
        @Nullable Node anything;

        /**
         * Each with another pattern: routes with the same arguments in the same place share one.
         * Made when it is needed.
         */
        List<Branch> branches = List.of();

        /** Index of the template that ends here. */
        int end = NONE;

        /** Index of the template that takes the rest of the path from here. */
        int rest = NONE;

        /**
         * The lowest index in this node and below it: what is higher than the best so far need not
         * be visited.
         */
        int lowest = NONE;

        Node literal(String text) {
            if (literals.isEmpty()) {
                literals = new HashMap<>(2);
            }
            return literals.computeIfAbsent(text, _ -> new Node());
        }

        Node branch(Pattern regex) {
            for (var branch : branches) {
                if (branch.regex.pattern().equals(regex.pattern())) {
                    return branch.node;
                }
            }
            if (branches.isEmpty()) {
                branches = new ArrayList<>(1);
            }
            branches.add(new Branch(regex, new Node()));
            return branches.getLast().node;
        }
    }

    private record Branch(Pattern regex, Node node) {}

    private final Node root = new Node();

    /** Adds a template. Of two that are the same, the one with the lower index stays. */
    void add(PathTemplate template, int index) {
        var node = root;
        node.lowest = Math.min(node.lowest, index);
        for (var segment : template.segments()) {
            switch (segment) {
                case PathTemplate.Segment.Literal(var text) -> node = node.literal(text);
                case PathTemplate.Segment.Anything() -> {
                    if (node.anything == null) {
                        node.anything = new Node();
                    }
                    node = node.anything;
                }
                case PathTemplate.Segment.Arguments(var regex, _) -> node = node.branch(regex);
                case PathTemplate.Segment.Rest() -> {
                    node.rest = Math.min(node.rest, index);
                    return;
                }
            }
            node.lowest = Math.min(node.lowest, index);
        }
        node.end = Math.min(node.end, index);
    }

    /** The lowest index below {@code best} whose template matches, or {@code best}. */
    int find(String path, int best) {
        return root.lowest < best && path.startsWith("/") ? find(root, path, 1, best) : best;
    }

    /**
     * As above; the segments before {@code at} led to {@code node}, and {@code at} is behind the
     * path's end when all did.
     */
    private static int find(Node node, String path, int at, int best) {
        if (at > path.length()) {
            return Math.min(best, node.end);
        }
        int found = Math.min(best, node.rest);
        int slash = path.indexOf('/', at);
        int end = slash < 0 ? path.length() : slash;
        if (!node.literals.isEmpty()) {
            found = descend(node.literals.get(path.substring(at, end)), path, end + 1, found);
        }
        if (end > at) {
            found = descend(node.anything, path, end + 1, found);
        }
        for (int i = 0; i < node.branches.size(); i++) {
            var branch = node.branches.get(i);
            if (branch.node().lowest < found
                    && PathTemplate.matcher(branch.regex(), path, at, end).matches()) {
                found = descend(branch.node(), path, end + 1, found);
            }
        }
        return found;
    }

    private static int descend(@Nullable Node node, String path, int at, int best) {
        return node == null || node.lowest >= best ? best : find(node, path, at, best);
    }
}
