/**
 * Input of many kinds to records: JSON, and the arguments of queries and forms.
 *
 * <p>A {@link whirlwind.web.binding.Binder} goes through the components of a record and collects
 * what is wrong with each, so that a client is told of everything at once and by the names it used;
 * Jackson reads the JSON and makes the values that are no records. Above is {@code whirlwind.web},
 * which turns a {@link whirlwind.web.binding.BindingException} into an answer. For any thread.
 */
@NullMarked
package whirlwind.web.binding;

import org.jspecify.annotations.NullMarked;
