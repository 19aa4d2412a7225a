package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;
import static whirlwind.web.Verbs.onPost;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.web.locale.Catalogue;
import whirlwind.web.locale.Locales;

class TypedInputTest {
    enum Unit {
        PIECE,
        KILOGRAM
    }

    record Item(String name, int count, double price, Unit unit) {
        Item {
            if (count < 1) {
                throw new IllegalArgumentException("has no pieces");
            }
        }
    }

    record Order(
            @JsonProperty("order_id") UUID id,
            List<Item> items,
            Optional<String> note,
            @Nullable LocalDate due,
            Map<String, Boolean> options) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Tolerant(String a) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
    interface Shape {}

    record Circle(int radius) implements Shape {}

    record Drawing(List<List<Item>> rows, Optional<Shape> frame) {}

    record Search(String q, int page, Set<String> tag, Optional<Integer> size, boolean exact) {}

    private static final String ORDER =
            """
            {"order_id": "123e4567-e89b-12d3-a456-426614174000",
             "items": [{"name": "nail", "count": 100, "price": 0.05, "unit": "PIECE"}],
             "options": {"gift": true}}
            """;

    private static ServedApplication app;

    @BeforeAll
    static void serve() {
        app =
                ServedApplication.of(
                        new Application()
                                .route("/order", onPost(h -> h.write("" + h.body(Order.class))))
                                .route("/item", onPost(h -> h.write("" + h.body(Item.class))))
                                .route(
                                        "/tolerant",
                                        onPost(h -> h.write("" + h.body(Tolerant.class))))
                                .route("/drawing", onPost(h -> h.write("" + h.body(Drawing.class))))
                                .route(
                                        "/numbers",
                                        onPost(h -> h.write("" + h.body(Numbers.class).all())))
                                .route("/map", onPost(h -> h.write("" + h.body(Map.class))))
                                .route("/json", onPost(h -> h.write("" + h.body(JsonNode.class))))
                                .route("/queue", onPost(h -> h.write("" + h.body(Waiting.class))))
                                .route("/search", onGet(h -> h.write("" + h.query(Search.class))))
                                .route("/chosen", onGet(h -> h.write("" + h.query(Chosen.class))))
                                .route(
                                        "/measured",
                                        onPost(TypedInputTest::measure)
                                                .and(onGet(h -> h.query(Single.class))))
                                .route("/form", onPost(h -> h.write("" + h.form(Item.class))))
                                .route(
                                        "/at/{id:int}",
                                        onGet(h ->
                                                h.write(
                                                        ""
                                                                + h.getPathArgument(
                                                                        "id", Integer.class))))
                                .route(
                                        "/unit/{unit}",
                                        onGet(h ->
                                                h.write(
                                                        ""
                                                                + h.getPathArgument(
                                                                        "unit", Unit.class)))));
    }

    @AfterAll
    static void close() throws Exception {
        app.close();
    }

    private static HttpResponse<String> post(String path, String json) throws Exception {
        return app.send("POST", path, json, "Content-Type", "application/json");
    }

    /** What the answer says about each field. */
    private static Map<String, String> errors(HttpResponse<String> response) {
        var errors = Json.decode(response.body()).get("errors");
        return StreamSupport.stream(errors.spliterator(), false)
                .collect(
                        Collectors.toMap(
                                e -> e.get("field").asString(), e -> e.get("reason").asString()));
    }

    @Test
    void jsonBecomesARecordOfRecordsListsAndMaps() throws Exception {
        assertThat(post("/order", ORDER).body())
                .isEqualTo(
                        "Order[id=123e4567-e89b-12d3-a456-426614174000, items=[Item[name=nail,"
                                + " count=100, price=0.05, unit=PIECE]], note=Optional.empty,"
                                + " due=null, options={gift=true}]");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceByTheNamesThatTheClientUsed() throws Exception {
        var response =
                post(
                        "/order",
                        """
                        {"order_id": "none", "due": "tomorrow", "extra": 1, "options": {"gift": "yes"},
                         "items": [{"name": 5, "count": "7", "price": true, "unit": "LITRE"},
                                   {"name": "nut", "count": 0, "price": 1, "unit": "PIECE"}, null]}
                        """);
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(errors(response))
                .containsOnlyKeys(
                        "order_id",
                        "due",
                        "extra",
                        "options.gift",
                        "items[0].name",
                        "items[0].count",
                        "items[0].price",
                        "items[0].unit",
                        "items[1]",
                        "items[2]")
                .containsEntry("order_id", "must be a UUID")
                .containsEntry("due", "must be a LocalDate")
                .containsEntry("extra", "is unknown")
                .containsEntry("options.gift", "must be true or false")
                .containsEntry("items[0].name", "must be text")
                .containsEntry(
                        "items[0].count", "must be a whole number from -2147483648 to 2147483647")
                .containsEntry("items[0].price", "must be a number")
                .containsEntry("items[0].unit", "must be one of PIECE, KILOGRAM")
                .containsEntry("items[1]", "has no pieces")
                .containsEntry("items[2]", "must not be null");
    }

    @Test
    void aComponentIsRequiredUnlessItSaysOtherwise() throws Exception {
        assertThat(errors(post("/order", "{}")))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "order_id", "is missing",
                                "items", "is missing",
                                "options", "is missing"));
        assertThat(
                        errors(
                                post(
                                        "/item",
                                        "{\"name\": null, \"count\": 1, \"price\": 1, \"unit\": \"PIECE\"}")))
                .isEqualTo(Map.of("name", "must not be null"));
    }

    @Test
    void aRecordMayIgnoreWhatItDoesNotKnow() throws Exception {
        assertThat(post("/tolerant", "{\"a\": \"x\", \"b\": 1}").body()).isEqualTo("Tolerant[a=x]");
    }

    @Test
    void aFieldThatIsWrongIsToldHoweverDeepItIs() throws Exception {
        var item = "{\"name\": \"nail\", \"count\": 1, \"price\": 1, \"unit\": \"PIECE\"}";
        var sent = "{\"rows\": [[%s], [%s, {\"count\": true, \"unit\": {}, \"more\": [[]]}], 7]}";
        assertThat(errors(post("/drawing", sent.formatted(item, item))))
                .containsOnlyKeys(
                        "rows[1][1].name",
                        "rows[1][1].count",
                        "rows[1][1].price",
                        "rows[1][1].unit",
                        "rows[1][1].more",
                        "rows[2]")
                .containsEntry("rows[1][1].name", "is missing")
                .containsEntry("rows[1][1].more", "is unknown")
                .containsEntry("rows[2]", "must be a list");
    }

    @Test
    void aClassThatIsOneOfSeveralIsReadAsItsJsonSays() throws Exception {
        var sent = "{\"rows\": [], \"frame\": {\"@type\": \"%s\", \"radius\": %s}}";
        assertThat(post("/drawing", sent.formatted("circle", "3")).body())
                .isEqualTo("Drawing[rows=[], frame=Optional[Circle[radius=3]]]");
        assertThat(errors(post("/drawing", sent.formatted("circle", "\"x\""))))
                .containsOnlyKeys("frame.radius");
        assertThat(errors(post("/drawing", sent.formatted("square", "3")))).containsKey("frame");
    }

    @Test
    void whatComesTwiceOrBehindTheEndIsRefusedForItCouldBeReadInTwoWays() throws Exception {
        assertThat(errors(post("/tolerant", "{\"a\": \"x\", \"b\": 1, \"a\": \"y\"}")))
                .isEqualTo(Map.of("", "has the field a twice"));
        assertThat(errors(post("/numbers", "{\"all\": {\"x\": null, \"x\": 1}}")))
                .isEqualTo(Map.of("", "has the field x twice"));
        assertThat(errors(post("/tolerant", "{\"a\": \"x\"} {\"a\": \"y\"}")))
                .isEqualTo(Map.of("", "goes on behind its end"));
    }

    record Numbers(Map<String, Long> all) {}

    @Test
    void aWholeNumberHasTheRangeOfItsType() throws Exception {
        assertThat(post("/numbers", "{\"all\": {\"a\": 9223372036854775807, \"b\": -1}}").body())
                .isEqualTo("{a=9223372036854775807, b=-1}");
        for (var wrong : List.of("9223372036854775808", "1.0", "1e3", "true", "\"1\"")) {
            assertThat(errors(post("/numbers", "{\"all\": {\"a\": " + wrong + "}}")))
                    .as(wrong)
                    .isEqualTo(Map.of("all.a", "must be a whole number in the range of a long"));
        }
    }

    record Waiting(Queue<String> names) {}

    @Test
    void whatWouldBeReadOnlyInPartIsRefused() throws Exception {
        assertThat(post("/queue", "{\"names\": [\"a\", \"b\"]}").body())
                .isEqualTo("Waiting[names=[a, b]]");
        assertThat(errors(post("/queue", "{\"names\": [\"a\", [\"b\", \"c\"], \"d\"]}")))
                .isEqualTo(Map.of("names", "must be a Queue"));
    }

    record Chosen(Set<Integer> id, List<LocalDate> day) {}

    @Test
    void whatHasToBeThereDoesNotBecomeNullByBeingEmpty() throws Exception {
        for (var empty : List.of("\"\"", "\" \"", "[]")) {
            var sent = "{\"order_id\": " + empty + ", \"items\": [], \"options\": {}}";
            assertThat(errors(post("/order", sent)))
                    .as(empty)
                    .isEqualTo(Map.of("order_id", "must be a UUID"));
        }
        assertThat(app.get("/chosen?id=&id=3&id=+&day=").body())
                .isEqualTo("Chosen[id=[3], day=[]]");
        assertThat(app.get("/chosen?id=null").body()).contains("<b>id[0]</b> must be a whole");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\": 1} x", "[1,]", "{\"a\": 1, \"a\": 2}", "NaN"})
    void whatIsNoJsonIsMalformed(String body) throws Exception {
        var response = post("/map", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(errors(response)).containsOnlyKeys("");
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() throws Exception {
        byte[] slashInTwoBytes = {'{', '"', 'a', '"', ':', '"', (byte) 0xC0, (byte) 0xAF, '"', '}'};
        var request =
                HttpRequest.newBuilder(app.uri("/map"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(slashInTwoBytes))
                        .build();
        var response = app.client().send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(errors(response)).isEqualTo(Map.of("", "is malformed UTF-8: 0xC0 at byte 6"));
    }

    @Test
    void jsonThatIsMadeToCostUsSomethingIsRefused() throws Exception {
        assertThat(
                        errors(post("/map", "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"))
                                .get(""))
                .contains("nested deeper than 100");
        assertThat(post("/map", "{\"a\":" + "9".repeat(101) + "}").statusCode()).isEqualTo(400);
        assertThat(errors(post("/numbers", "{\"all\": {\"a\": 1e9999999999}}")))
                .isEqualTo(Map.of("", "has a number whose exponent is too large"));
    }

    @Test
    void anAnswerIsNotAsLongAsWhatIsWrong() throws Exception {
        var unknown =
                IntStream.range(0, 1000)
                        .mapToObj(i -> "\"x" + i + "\": 1")
                        .collect(Collectors.joining(", ", "{", "}"));
        assertThat(errors(post("/tolerant", unknown))).isEqualTo(Map.of("a", "is missing"));
        assertThat(errors(post("/item", unknown))).hasSize(100);
        var late = "{\"items\": [" + "1, ".repeat(1000) + "{\"name\": \"x\"}], \"extra\": 1}";
        assertThat(post("/order", late).statusCode()).isEqualTo(422);
    }

    @Test
    void somethingElseThanJsonIsAnUnsupportedMediaType() throws Exception {
        var response = app.send("POST", "/item", "a=1", "Content-Type", "text/plain");
        assertThat(response.statusCode()).isEqualTo(415);
    }

    @Test
    void theWrongKindOfWholeIsToldAsSuch() throws Exception {
        assertThat(errors(post("/item", "[1]"))).isEqualTo(Map.of("", "must be an object"));
        assertThat(errors(post("/item", "null"))).isEqualTo(Map.of("", "must be an object"));
    }

    @Test
    void jsonAsItIsMayBeNull() throws Exception {
        assertThat(post("/json", "null").body()).isEqualTo("null");
        assertThat(post("/json", "[1, null]").body()).isEqualTo("[1,null]");
    }

    @Test
    void aQueryBecomesARecord() throws Exception {
        assertThat(app.get("/search?q=&page=2&tag=a&tag=b&size=&exact=on&utm=x").body())
                .isEqualTo("Search[q=, page=2, tag=[a, b], size=Optional.empty, exact=true]");
        assertThat(app.get("/search?q=x&page=1&size=50&exact=false").body())
                .isEqualTo("Search[q=x, page=1, tag=[], size=Optional[50], exact=false]");
    }

    @Test
    void whatIsWrongIsToldInTheClientsLanguageAndMayStandBesideTheFields() throws Exception {
        var german = Catalogue.of(Map.of("is missing", "fehlt", "has no pieces", "ist leer"));
        var settings = ApplicationSettings.DEFAULTS.withLocales(Locales.of(Map.of("de", german)));
        var beside =
                onPost(handler -> {
                    try {
                        handler.form(Search.class);
                    } catch (InvalidInputException wrong) {
                        for (var problem : wrong.problems()) {
                            var told = problem.in(handler.locale());
                            handler.write(told.field() + ": " + told.reason() + "; ");
                        }
                    }
                });
        var application =
                new Application(settings)
                        .route("/search", onGet(handler -> handler.query(Search.class)))
                        .route("/beside", beside);
        try (var served = ServedApplication.of(application)) {
            assertThat(served.get("/search?q=a&exact=on", "Accept-Language", "de").body())
                    .contains("<b>page</b> fehlt");
            assertThat(served.get("/search?q=a&exact=on", "Accept-Language", "fr").body())
                    .contains("<b>page</b> is missing");
            var form = "application/x-www-form-urlencoded";
            var response =
                    served.send(
                            "POST",
                            "/beside",
                            "page=x",
                            "Accept-Language",
                            "de",
                            "Content-Type",
                            form);
            assertThat(response.body()).contains("q: fehlt; ", "page: must be a whole number");
        }
    }

    record Measured(
            double value,
            Optional<Float> single,
            OptionalDouble other,
            @Nullable BigDecimal exact) {}

    record Single(double value) {}

    private static void measure(RequestHandler handler) {
        var measured = handler.body(Measured.class);
        handler.write(measured.value() + " " + measured.exact());
    }

    /** Of comparisons with NaN all are false, also those of a record that wants it positive. */
    @ParameterizedTest
    @ValueSource(strings = {"\"NaN\"", "\"-Infinity\"", "\"INF\"", "1e400", "\"7\""})
    void whatIsNoFiniteNumberIsRefused(String number) throws Exception {
        for (var json :
                List.of(
                        "{\"value\": %s}",
                        "{\"value\": 1, \"single\": %s}",
                        "{\"value\": 1, \"other\": %s}",
                        "{\"value\": 1, \"exact\": %s}")) {
            if (number.startsWith("1") && json.contains("exact")) {
                continue;
            }
            var response = post("/measured", json.formatted(number));
            assertThat(response.statusCode()).as(json).isEqualTo(422);
            assertThat(response.body()).contains("must be a number");
        }
        var query = "/measured?value=" + number.replace("\"", "");
        assertThat(app.get(query).statusCode()).isEqualTo(number.equals("\"7\"") ? 200 : 400);
    }

    @Test
    void aDecimalKeepsItsDigits() throws Exception {
        var sent = "{\"value\": 0.1, \"exact\": 12345678901234567.890}";
        assertThat(post("/measured", sent).body()).isEqualTo("0.1 12345678901234567.890");
        var endless = "{\"value\": 1, \"exact\": 1e1000000000}";
        assertThat(post("/measured", endless).statusCode()).isEqualTo(422);
    }

    @Test
    void aQueryThatDoesNotFitIsTold() throws Exception {
        var response =
                app.get("/search?page=two&size=x&exact=perhaps", "Accept", "application/json");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(errors(response))
                .containsEntry("q", "is missing")
                .containsEntry("page", "must be a whole number from -2147483648 to 2147483647")
                .containsEntry("exact", "must be true or false")
                .containsKey("size");
    }

    @Test
    void aFormBecomesARecord() throws Exception {
        var type = "application/x-www-form-urlencoded";
        assertThat(
                        app.send(
                                        "POST",
                                        "/form",
                                        "name=nail&count=3&price=0.5&unit=PIECE",
                                        "Content-Type",
                                        type)
                                .body())
                .isEqualTo("Item[name=nail, count=3, price=0.5, unit=PIECE]");
        var wrong =
                app.send(
                        "POST",
                        "/form",
                        "name=nail&count=0&price=1&unit=PIECE",
                        "Content-Type",
                        type,
                        "Accept",
                        "application/json");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(errors(wrong)).isEqualTo(Map.of("", "has no pieces"));
    }

    @ParameterizedTest
    @CsvSource({
        "/at/42, 200, 42",
        "/at/-1, 200, -1",
        "/at/99999999999, 404, ''",
        "/at/x, 404, ''",
        "/unit/PIECE, 200, PIECE",
        "/unit/LITRE, 404, ''"
    })
    void anArgumentOfThePathHasAType(String path, int status, String body) throws Exception {
        var response = app.get(path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(body);
    }
}
