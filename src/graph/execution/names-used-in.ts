import { type ASTNode, type DocumentNode, type FragmentDefinitionNode, Kind, visit } from 'graphql';

export interface UsedNames {
  readonly variables: ReadonlySet<string>;
  readonly fragments: ReadonlySet<string>;
}

/** The variables and fragments that a part of a document uses, also through the fragments it spreads. */
export function namesUsedIn(document: DocumentNode, part: ASTNode): UsedNames {
  const definitions = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) definitions.set(definition.name.value, definition);
  }
  const variables = new Set<string>();
  const fragments = new Set<string>();
  collect(part);
  return { variables, fragments };

  function collect(node: ASTNode): void {
    visit(node, {
      Variable: ({ name }) => {
        variables.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = definitions.get(name.value);
        if (!fragment || fragments.has(name.value)) return;
        fragments.add(name.value);
        collect(fragment);
      },
    });
  }
}
