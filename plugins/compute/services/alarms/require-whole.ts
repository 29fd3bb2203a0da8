import { UpstreamError } from 'longshore/sdk';

/** Throws `UpstreamError` where a list is not all there: half of it would be another value. */
export function requireWhole(
  lists: readonly {
    readonly problems?: readonly { readonly cluster: string; readonly message: string }[] | undefined;
  }[],
): void {
  const [problem] = lists.flatMap(({ problems = [] }) => problems);
  if (problem) throw new UpstreamError(`cluster '${problem.cluster}'`, problem.message);
}
