/** Keys by when they are due, the earliest first; of equals the one that came first. */
export interface DueHeap {
  push(key: string, at: number): void;
  peek(): Due | undefined;
  pop(): void;
}

interface Due {
  readonly key: string;
  readonly at: number;
  readonly order: number;
}

export function createDueHeap(): DueHeap {
  const entries: Due[] = [];
  let order = 0;

  function isBefore(left: number, right: number): boolean {
    const [one, other] = [entries[left], entries[right]];
    if (one === undefined || other === undefined) return one !== undefined;
    return one.at - other.at < 0 || (one.at === other.at && one.order < other.order);
  }

  function swap(left: number, right: number): void {
    const [one, other] = [entries[left], entries[right]];
    if (one === undefined || other === undefined) return;
    entries[left] = other;
    entries[right] = one;
  }

  function rise(index: number): void {
    for (let child = index; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!isBefore(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  }

  function sink(): void {
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      const smaller = left + 1 < entries.length && isBefore(left + 1, left) ? left + 1 : left;
      if (smaller >= entries.length || !isBefore(smaller, parent)) return;
      swap(parent, smaller);
      parent = smaller;
    }
  }

  return {
    push(key, at) {
      order += 1;
      entries.push({ key, at, order });
      rise(entries.length - 1);
    },
    peek: () => entries[0],
    pop() {
      const last = entries.pop();
      if (last === undefined || entries.length === 0) return;
      entries[0] = last;
      sink();
    },
  };
}
