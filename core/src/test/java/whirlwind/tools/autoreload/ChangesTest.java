package whirlwind.tools.autoreload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.OneEngine;

@OneEngine
class ChangesTest {
    @TempDir Path folder;
    private final Changes changes = new Changes();
    private Instant now = Instant.EPOCH;

    @BeforeEach
    void realNames() throws IOException {
        folder = folder.toRealPath();
    }

    @Test
    void nothingChangesByItself() throws Exception {
        write("A.class");
        changes.watch(WatchedPath.ofCode(folder));

        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isNull();
    }

    @Test
    void aChangeCountsWhenNothingElseHasHappenedSinceTheLastLook() throws Exception {
        var first = write("A.class");
        changes.watch(WatchedPath.ofCode(folder));

        write("A.class");
        assertThat(changes.look()).isNull();
        write("below/B.class");
        assertThat(changes.look()).isNull();
        write("A.class");
        Files.delete(folder.resolve("below/B.class"));
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isEqualTo(first);
    }

    @Test
    void whatIsDeletedCountsWhenItIsMadeAnew() throws Exception {
        var file = write("A.class");
        changes.watch(WatchedPath.ofCode(folder));

        Files.delete(file);
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isNull();
        write("A.class");
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isEqualTo(file);
    }

    @Test
    void amongCodeOnlyClassesAndSourcesCount() throws Exception {
        changes.watch(WatchedPath.ofCode(folder));

        write("page.html");
        write(".git/Hidden.java");
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isNull();
        var source = write("app/Main.java");
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isEqualTo(source);
    }

    @Test
    void anythingThatIsWatchedByItsNameCounts() throws Exception {
        changes.watch(WatchedPath.of(folder.resolve("none yet")));
        assertThat(changes.look()).isNull();

        var file = write("none yet");
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isEqualTo(file);
    }

    @Test
    void whatIsWatchedLaterChangesFromThenOn() throws Exception {
        write("settings/a");
        assertThat(changes.look()).isNull();
        changes.watch(WatchedPath.of(folder.resolve("settings")));
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isNull();

        var file = write("settings/a");
        assertThat(changes.look()).isNull();
        assertThat(changes.look()).isEqualTo(file);
    }

    /** Each time a second later than before. */
    private Path write(String name) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        now = now.plusSeconds(1);
        return Files.setLastModifiedTime(file, FileTime.from(now));
    }
}
