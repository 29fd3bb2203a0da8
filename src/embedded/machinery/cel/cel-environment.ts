import { Environment } from '@marcbachmann/cel-js';
import { formatLibrary } from './libraries/format-library.ts';
import { listLibrary } from './libraries/list-library.ts';
import { networkLibrary } from './libraries/network-library.ts';
import { presenceLibrary } from './libraries/presence-library.ts';
import { quantityLibrary } from './libraries/quantity-library.ts';
import { textLibrary } from './libraries/text-library.ts';

let base: Environment | undefined;

/** CEL with the libraries that Kubernetes adds, nothing declared yet. Built once, when the first rule is read. */
export function celEnvironment(): Environment {
  if (base === undefined) {
    base = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
    const libraries = [formatLibrary, listLibrary, networkLibrary, presenceLibrary, quantityLibrary, textLibrary];
    for (const library of libraries) library(base);
  }
  return base.clone();
}
