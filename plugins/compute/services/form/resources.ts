import { parseQuantity } from 'longshore/sdk';
import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';
import type { Path } from './places.ts';

/** Amounts of what a container uses (core/v1 ResourceRequirements). */
export interface ResourceListForm {
  readonly cpu?: Maybe<string>;
  readonly memory?: Maybe<string>;
  readonly ephemeralStorage?: Maybe<string>;
  readonly others?: Maybe<readonly { readonly name: string; readonly quantity?: Maybe<string> }[]>;
}

export interface ResourcesForm {
  readonly requests?: Maybe<ResourceListForm>;
  readonly limits?: Maybe<ResourceListForm>;
}

/** What a container is sure to get and what it gets at most (CMP-46). */
export function writeResources(container: Draft, form: ResourcesForm): void {
  container.inside('resources', [], (resources) => {
    for (const side of ['requests', 'limits'] as const) {
      const amounts = form[side];
      if (amounts === undefined) continue;
      if (amounts === null) resources.set(side, null);
      else resources.inside(side, [side], (list) => writeAmounts(list, amounts));
    }
  });
}

function writeAmounts(list: Draft, { cpu, memory, ephemeralStorage, others }: ResourceListForm): void {
  setAmount(list, 'cpu', cpu, ['cpu']);
  setAmount(list, 'memory', memory, ['memory']);
  setAmount(list, 'ephemeral-storage', ephemeralStorage, ['ephemeralStorage']);
  for (const [index, { name, quantity }] of (others ?? []).entries()) {
    setAmount(list, name, quantity ?? null, ['others', index, 'quantity']);
  }
}

function setAmount(list: Draft, name: string, quantity: Maybe<string>, from: Path): void {
  if (typeof quantity === 'string') {
    const amount = parseQuantity(quantity);
    if (amount === undefined || amount.milliunits < 0) {
      list.refuse(from, 'invalid_quantity', `${name} must be a quantity from 0, e.g. 500m or 2Gi, got '${quantity}'`);
      return;
    }
  }
  list.set(name, quantity, from);
}
