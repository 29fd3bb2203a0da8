import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { namesUsedIn } from '../execution/names-used-in.ts';

/**
 * The variables that a stream's messages depend on: those below the root field, not its arguments. Subscribers whose
 * filters differ select the same of the same object.
 */
export function selectedVariables(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const take = (part: Parameters<typeof namesUsedIn>[1]): void => {
    for (const name of namesUsedIn(document, part).variables) names.add(name);
  };

  collectBelowRoot(operation.selectionSet);
  return [...names].sort();

  /** The root field may stand in fragments; conditions on it and on them count. */
  function collectBelowRoot(selections: SelectionSetNode): void {
    for (const selection of selections.selections) {
      for (const directive of selection.directives ?? []) take(directive);
      if (selection.kind === Kind.FIELD) {
        if (selection.selectionSet) take(selection.selectionSet);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collectBelowRoot(selection.selectionSet);
      else {
        const { value } = selection.name;
        const fragment = document.definitions.find(
          (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === value,
        );
        if (fragment?.kind !== Kind.FRAGMENT_DEFINITION || seen.has(value)) continue;
        seen.add(value);
        collectBelowRoot(fragment.selectionSet);
      }
    }
  }
}
