import {
  type DocumentNode,
  GraphQLDeferDirective,
  GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type ValidationRule,
  validate,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Takes `@defer` and answers at once, as it lets a server do: each part counts to the limits as if it were not deferred, and one answer has
 * it all. Everything that looks after answers (masks, reuse, cost, places in flight) looks after one. `@stream` stays unknown.
 */
export function useDefer({ hasIntrospection }: { readonly hasIntrospection: boolean }): Plugin {
  const schemas = new WeakMap<GraphQLSchema, GraphQLSchema>();
  const whole = new WeakMap<DocumentNode, DocumentNode>();

  /** graphql-js executes nothing of a schema that has the directive, so only the rules know it. */
  function withDefer(schema: GraphQLSchema): GraphQLSchema {
    const known = schemas.get(schema);
    if (known) return known;
    const config = schema.toConfig();
    const extended = new GraphQLSchema({ ...config, directives: [...config.directives, GraphQLDeferDirective] });
    schemas.set(schema, extended);
    return extended;
  }

  /** The same document for the same one, since what is compiled and kept goes by it. */
  function withoutDefer(document: DocumentNode): DocumentNode {
    const known = whole.get(document);
    if (known) return known;
    const without = visit(document, {
      [Kind.DIRECTIVE]: (node) => (node.name.value === GraphQLDeferDirective.name ? null : undefined),
    });
    whole.set(document, without);
    return without;
  }

  const answerWhole = ({ args }: { readonly args: object }): void => {
    const asked = args as { document: DocumentNode };
    asked.document = withoutDefer(asked.document);
  };

  return {
    onValidate({ addValidationRule, setValidationFn }) {
      if (!hasIntrospection) addValidationRule(NoSchemaIntrospectionCustomRule);
      setValidationFn(((schema: GraphQLSchema, document: DocumentNode, rules: readonly ValidationRule[]) =>
        validate(withDefer(schema), document, rules, { hideSuggestions: !hasIntrospection })) as never);
    },
    onExecute: answerWhole,
    onSubscribe: answerWhole,
  };
}
