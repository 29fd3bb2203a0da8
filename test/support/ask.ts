import type { CallOptions, Operation, TestGateway } from '../../src/testing.ts';

/** One operation's data; fails the test with the errors where there are any. */
export async function ask<Result, Variables>(
  gateway: Pick<TestGateway, 'query'>,
  operation: Operation<Result, Variables>,
  variables?: Variables,
  options?: CallOptions,
): Promise<Result> {
  const answer = await gateway.query(operation, variables, options);
  if (answer.errors || !answer.data) throw new Error(`The operation failed: ${JSON.stringify(answer)}`);
  return answer.data;
}
