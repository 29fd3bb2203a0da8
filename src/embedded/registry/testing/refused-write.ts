/** A write with one mistake. Its refusal is recorded in `refusals.json` under the title. */
export interface RefusedWrite {
  readonly title: string;
  /** The collection that is written to. */
  readonly at: string;
  /** What is created; unset for changes. */
  readonly body?: unknown;
  /** Created before the write, and removed after it. */
  readonly first?: readonly { readonly at: string; readonly body: unknown }[];
  /** A merge patch on the object of this name. */
  readonly patch?: unknown;
  readonly name?: string;
}

export function container(extra: object = {}): object {
  return { name: 'main', image: 'registry.local/app:1', ...extra };
}

export function pod(spec: object): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { containers: [container()], ...spec } };
}

/** A pod whose only container differs. */
export function podWith(extra: object): object {
  return pod({ containers: [container(extra)] });
}

/** An object named `x` of any kind. */
export function object(apiVersion: string, kind: string, extra: object = {}): object {
  return { apiVersion, kind, metadata: { name: 'x' }, ...extra };
}

/** What a workload's spec needs at least. */
export function workload(extra: object = {}, podSpec: object = {}): object {
  return {
    selector: { matchLabels: { app: 'x' } },
    template: { metadata: { labels: { app: 'x' } }, spec: { containers: [container()], ...podSpec } },
    ...extra,
  };
}
