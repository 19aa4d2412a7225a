package whirlwind.demos.blog;

import java.util.ArrayList;
import java.util.List;
import whirlwind.demos.RunningDemo;

/** A blog that runs, and those who visit it. */
final class TestBlog implements AutoCloseable {
    private final RunningDemo demo;
    private final List<Visitor> visitors = new ArrayList<>();

    TestBlog(String database) {
        this(database, 0);
    }

    TestBlog(String database, int port) {
        demo = RunningDemo.start(() -> Blog.application(database), port);
    }

    /** An empty one. */
    static TestBlog empty() {
        return new TestBlog(TestDatabase.H2.newUrl());
    }

    RunningDemo demo() {
        return demo;
    }

    /** Somebody new, who has not signed in. */
    Visitor visitor() {
        var visitor = new Visitor(demo);
        visitors.add(visitor);
        return visitor;
    }

    /** Somebody who has just signed up. */
    Visitor author(String name) {
        return visitor().signUp(name);
    }

    @Override
    public void close() throws InterruptedException {
        visitors.forEach(Visitor::close);
        demo.close();
    }
}
