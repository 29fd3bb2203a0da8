import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/**
 * The variables that a stream's messages depend on: those below the root field, not its arguments. Subscribers whose
 * filters differ select the same of the same object.
 */
export function selectedVariables(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const names = new Set<string>();
  const seen = new Set<string>();

  function collect(selections: SelectionSetNode): void {
    visit(selections, {
      Variable: ({ name }) => {
        names.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || seen.has(name.value)) return;
        seen.add(name.value);
        collect(fragment.selectionSet);
      },
    });
  }

  collectBelowRoot(operation.selectionSet);
  return [...names].sort();

  /** The root field may stand in fragments; conditions on it and on them count. */
  function collectBelowRoot(selections: SelectionSetNode): void {
    for (const selection of selections.selections) {
      for (const directive of selection.directives ?? []) {
        visit(directive, {
          Variable: ({ name }) => {
            names.add(name.value);
          },
        });
      }
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet) collect(selection.selectionSet);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collectBelowRoot(selection.selectionSet);
      else {
        const fragment = fragments.get(selection.name.value);
        if (!fragment || seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
        collectBelowRoot(fragment.selectionSet);
      }
    }
  }
}
