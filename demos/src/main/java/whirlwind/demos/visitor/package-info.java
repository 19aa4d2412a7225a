/**
 * Who looks at a demo's page: somebody with a name of their own choice and a secret of their
 * browser. Nobody signs in.
 */
@NullMarked
package whirlwind.demos.visitor;

import org.jspecify.annotations.NullMarked;
