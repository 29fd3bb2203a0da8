import type { Logger } from '../kernel/logger.ts';

/** What was opened, in order; closed in reverse, each however the others end. */
export interface Closers {
  add(name: string, close: () => Promise<void> | void): void;
  closeAll(): Promise<void>;
}

export function createClosers(logger: Logger): Closers {
  const open: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];
  return {
    add: (name, close) => {
      open.push({ name, close });
    },
    async closeAll() {
      for (let closer = open.pop(); closer; closer = open.pop()) {
        try {
          await closer.close();
        } catch (error) {
          logger.error({ err: error, what: closer.name }, 'something did not close');
        }
      }
    },
  };
}
