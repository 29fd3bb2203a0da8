import type { Environment } from '@marcbachmann/cel-js';

/** Adds one group of functions to an environment. */
export type Library = (environment: Environment) => void;

/** Registers plain functions by their signatures. All answer at once: none of them waits for anything. */
export function registerAll(
  environment: Environment,
  functions: Readonly<Record<string, (...given: never[]) => unknown>>,
): void {
  for (const [signature, handler] of Object.entries(functions)) {
    environment.registerFunction({ signature, handler: handler as (...given: unknown[]) => unknown, async: false });
  }
}
