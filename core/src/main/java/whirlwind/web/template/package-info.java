/**
 * Text from templates, escaped. Tornado's {@code template} module, in Pebble's syntax.
 *
 * <p>What renders is a {@link whirlwind.web.template.TemplateLoader}; the one that comes along is
 * {@link whirlwind.web.template.PebbleTemplateLoader}, which reads from a {@link
 * whirlwind.web.template.TemplateSource} (a folder, the class path, a map). A template that is
 * missing, malformed or asks for what it was not given is a {@link
 * whirlwind.web.template.TemplateException} that says where. Reading a template for the first time
 * may block on its source; after that nothing here does. Below is {@code whirlwind.escape}; above
 * is {@code whirlwind.web}.
 *
 * <p>For those who come from Tornado:
 *
 * <table>
 * <caption>The same in Pebble</caption>
 * <tr><th>Tornado</th><th>Pebble</th></tr>
 * <tr><td>{@code {{ x }}}, {@code {% raw x %}}</td><td>{@code {{ x }}}, {@code {{ x | raw }}}</td></tr>
 * <tr><td>{@code {% if %} {% elif %} {% else %} {% end %}}</td>
 * <td>{@code {% if %} {% elseif %} {% else %} {% endif %}}</td></tr>
 * <tr><td>{@code {% for x in xs %} ... {% end %}}, {@code {% while %}}</td>
 * <td>{@code {% for x in xs %} ... {% endfor %}}, {@code {% while x %} ... {% endwhile %}}, {@code
 * {% break %}}, {@code {% continue %}}</td></tr>
 * <tr><td>{@code {% try %} {% except %} {% else %} {% finally %} {% end %}}</td>
 * <td>the same with {@code {% endtry %}}; the failure is {@code error}</td></tr>
 * <tr><td>{@code {% block a %} ... {% end %}}</td><td>{@code {% block a %} ... {% endblock %}}</td></tr>
 * <tr><td>{@code {% extends "a.html" %}}, {@code {% include "a.html" %}}</td><td>the same</td></tr>
 * <tr><td>{@code {% set x = 1 %}}, {@code {# ... #}}, {@code {% whitespace oneline %}}</td>
 * <td>the same</td></tr>
 * <tr><td>{@code {% comment ... %}}</td><td>{@code {# ... #}}</td></tr>
 * <tr><td><code>&#123;&#123;!</code></td><td>{@code {% verbatim %} ... {% endverbatim %}}, <code>&#123;&#123; "&#123;&#123;" &#125;&#125;</code></td></tr>
 * <tr><td>{@code {% autoescape None %}}</td><td>{@code {% autoescape false %} ... {% endautoescape %}}</td></tr>
 * <tr><td>{@code {% autoescape f %}}</td><td>{@link
 * whirlwind.web.template.TemplateOptions#withEscape}, {@code {% autoescape "f" %} ... {% endautoescape
 * %}}</td></tr>
 * <tr><td>{@code {% apply f %} ... {% end %}}</td><td>{@code {% apply f %} ... {% endapply %}}</td></tr>
 * <tr><td>{@code {% module Entry(x) %}}, {@code modules.Entry(x)}</td><td>the same</td></tr>
 * <tr><td>{@code escape(x)}, {@code url_escape(x)}, {@code json_encode(x)}, {@code squeeze(x)}, {@code
 * linkify(x)}</td><td>the same, or as filters: {@code x | url_escape}</td></tr>
 * <tr><td>{@code {% import %}}, {@code {% from %}}</td><td>macros of another template: {@code {% import
 * "forms.html" %}}; classes are handed in as values</td></tr>
 * </table>
 */
@NullMarked
package whirlwind.web.template;

import org.jspecify.annotations.NullMarked;
