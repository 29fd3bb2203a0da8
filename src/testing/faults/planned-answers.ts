import type { ServerResponse } from 'node:http';

/** A request as the proxy sees it. */
export interface RelayedRequest {
  readonly method: string;
  readonly path: string;
  /** Plural of the resource; undefined for other paths. */
  readonly resource: string | undefined;
  readonly isWatch: boolean;
}

/** What the proxy answers itself, each once. */
export interface PlannedAnswers {
  add(answer: PlannedAnswer): void;
  /** Answers the request where that is planned. */
  answer(request: RelayedRequest, response: ServerResponse): boolean;
}

export interface PlannedAnswer {
  readonly resource: string;
  readonly isWatch: boolean;
  readonly status: keyof typeof reasons;
  /** Called when it was given. */
  readonly onDone: () => void;
}

const reasons = { 410: 'Expired', 429: 'TooManyRequests', 500: 'InternalError' } as const;

export function createPlannedAnswers(): PlannedAnswers {
  const planned: PlannedAnswer[] = [];
  return {
    add(answer) {
      planned.push(answer);
    },
    answer(request, response) {
      const index = planned.findIndex(
        ({ resource, isWatch }) =>
          request.method === 'GET' && request.resource === resource && request.isWatch === isWatch,
      );
      const [found] = index < 0 ? [] : planned.splice(index, 1);
      if (!found) return false;
      const { status } = found;
      const headers = { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '1' } : {}) };
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason: reasons[status] };
      response.writeHead(status, headers).end(JSON.stringify({ ...body, message: 'injected fault' }));
      found.onDone();
      return true;
    },
  };
}
