/** What is scraped: `valueAt` is undefined where there is no sample. */
export interface StandInSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly valueAt: (seconds: number) => number | undefined;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** As much of PromQL as this project asks with. Throws for anything else: a test then fails by a status that tells where. */
export function evaluatePromql(query: string, series: readonly StandInSeries[], at: number): readonly Sample[] {
  let rest = query.trim();
  const take = (pattern: string): string[] | undefined => {
    const found = new RegExp(`^(?:${pattern})`, 's').exec(rest);
    if (found) rest = rest.slice(found[0].length).trimStart();
    return found ? [...found] : undefined;
  };
  const need = (pattern: string): string[] => {
    const found = take(pattern);
    if (!found) throw new Error(`parse error: expected ${pattern} at ${rest.slice(0, 60)}`);
    return found;
  };
  const string = '"((?:[^"\\\\]|\\\\.)*)"';
  const text = (): string => JSON.parse(`"${need(string)[1]}"`) as string;

  function alternatives(): readonly Sample[] {
    let found = quotient();
    while (take('or\\b')) {
      const known = new Set(found.map(({ labels }) => keyOf(labels)));
      found = [...found, ...quotient().filter(({ labels }) => !known.has(keyOf(labels)))];
    }
    return found;
  }

  function quotient(): readonly Sample[] {
    let found = factor();
    while (take('/')) {
      const below = new Map(factor().map(({ labels, value }) => [keyOf(labels), value]));
      found = found.flatMap(({ labels, value }) => {
        const by = below.get(keyOf(labels));
        return by === undefined ? [] : [{ labels, value: value / by }];
      });
    }
    return found;
  }

  function factor(): readonly Sample[] {
    const number = take('([\\d.]+) \\*');
    if (number) return factor().map(({ labels, value }) => ({ labels, value: value * Number(number[1]) }));
    if (take('\\(')) return inParentheses(alternatives);
    const aggregate = take('(sum|max)(?: by \\(([^)]*)\\))? ?\\(');
    if (aggregate) {
      const [, how = '', by = ''] = aggregate;
      return gathered(
        how,
        by.split(', ').filter((label) => label !== ''),
        inParentheses(alternatives),
      );
    }
    if (take('label_replace\\(')) return inParentheses(replaced);
    if (take('histogram_quantile\\(')) return inParentheses(quantile);
    const ranged = take('(rate|increase|changes)\\(');
    if (ranged) return inParentheses(() => overTime(ranged[1] ?? ''));
    return selected().flatMap(({ labels, valueAt }) => {
      const value = valueAt(at);
      return value === undefined ? [] : [{ labels, value }];
    });
  }

  function inParentheses(inner: () => readonly Sample[]): readonly Sample[] {
    const found = inner();
    need('\\)');
    return found;
  }

  function replaced(): readonly Sample[] {
    const found = alternatives();
    const [label = '', value = ''] = [1, 2].map(() => {
      need(',');
      return text();
    });
    need(', "", ""');
    return found.map((sample) => ({ ...sample, labels: { ...sample.labels, [label]: value } }));
  }

  function quantile(): readonly Sample[] {
    const wanted = Number(need('[\\d.]+')[0]);
    need(',');
    const groups = Map.groupBy(alternatives(), ({ labels: { le: _le, ...others } }) => keyOf(others));
    return [...groups.values()].map((buckets) => {
      const sorted = buckets.toSorted((one, other) => Number(one.labels.le) - Number(other.labels.le));
      const total = buckets.find(({ labels }) => labels.le === '+Inf')?.value ?? 0;
      const bucket = sorted.find(({ value }) => value >= wanted * total);
      const { le = '', ...labels } = bucket?.labels ?? {};
      return { labels, value: Number(le) };
    });
  }

  function overTime(how: string): readonly Sample[] {
    const found = selected();
    const seconds = Number(need('\\[(\\d+)s\\]')[1]);
    return found.flatMap(({ labels, valueAt }) => {
      const [from, to] = [valueAt(at - seconds), valueAt(at)];
      if (from === undefined || to === undefined) return [];
      return [{ labels, value: how === 'rate' ? (to - from) / seconds : to - from }];
    });
  }

  function selected(): readonly StandInSeries[] {
    const [, name] = need('([a-zA-Z_:][a-zA-Z0-9_:]*)\\{');
    const tests: ((labels: StandInSeries['labels']) => boolean)[] = [];
    while (!take('\\}')) {
      const [, label = '', operator = ''] = need('(\\w+)(=~|!~|!=|=)');
      const wanted = text();
      take(',');
      const pattern = new RegExp(`^(?:${wanted})$`, 's');
      const matches = (value: string) => (operator.endsWith('~') ? pattern.test(value) : value === wanted);
      tests.push((labels) => matches(labels[label] ?? '') !== operator.startsWith('!'));
    }
    return series.filter((each) => each.name === name && tests.every((test) => test(each.labels)));
  }

  const answer = alternatives();
  if (rest !== '') throw new Error(`parse error: unexpected ${rest.slice(0, 60)}`);
  return answer;
}

function gathered(how: string, by: readonly string[], samples: readonly Sample[]): readonly Sample[] {
  const labelsOf = ({ labels }: Sample) =>
    Object.fromEntries(by.flatMap((label) => (labels[label] === undefined ? [] : [[label, labels[label]]])));
  const groups = Map.groupBy(samples, (sample) => keyOf(labelsOf(sample)));
  return [...groups.values()].map((group) => ({
    labels: labelsOf(group[0] as Sample),
    value:
      how === 'max' ? Math.max(...group.map(({ value }) => value)) : group.reduce((sum, { value }) => sum + value, 0),
  }));
}

const keyOf = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort());
