/**
 * Named places between two effects where a test may stop, fail or kill the process. In production none is armed
 * and passing one is a map lookup on an empty map.
 */
export interface Failpoints {
  /** Call between effects, e.g. `failpoints.reach('operation.after-pending')`. Throws or waits only where a test armed it. */
  reach(name: string): Promise<void> | void;
  /** Arms one; the returned function disarms. */
  arm(name: string, action: () => Promise<void> | void): () => void;
}

export function createFailpoints(): Failpoints {
  const armed = new Map<string, () => Promise<void> | void>();
  return {
    reach(name) {
      return armed.get(name)?.();
    },
    arm(name, action) {
      armed.set(name, action);
      return () => {
        armed.delete(name);
      };
    },
  };
}
