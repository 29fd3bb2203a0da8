import { asObject, asObjectList } from '../../machinery/json.ts';
import type { ClusterObject, LogLine, LogSource } from '../../store/types.ts';
import type { Answer, ApiContext, ApiRequest, Handler } from '../api-context.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, internalError, invalid, type StatusCause } from '../status-error.ts';
import { createOutbox } from '../stream-outbox.ts';

const outboxLimits = { maxLines: 50_000, maxBytes: 8 * 1024 * 1024 };
const kind = { group: '', plural: 'podlogoptions', kind: 'PodLogOptions' };

interface LogOptions {
  readonly container: string;
  readonly isFollowing: boolean;
  readonly isPrevious: boolean;
  readonly withTimestamps: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number | undefined;
}

/** GET on `pods/<name>/log`: plain text, in chunks while it follows. */
export const handlePodLog: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const { namespace = '', name } = request.info;
  const pod = context.registry.require(resource, namespace, name);
  const options = parseLogOptions(request.query, context.clock.now());
  const container = chooseContainer(pod, options.container);
  const node = asObject(pod.spec)?.nodeName;
  const source = context.logs();
  if (typeof node !== 'string' || node === '') {
    throw badRequest(`pod ${name} does not have a host assigned`);
  }
  if (source === undefined)
    throw internalError(
      `Get "https://${node}:10250/containerLogs/${namespace}/${name}/${container}": connection refused`,
    );
  const lines = source.read(namespace, name, container, options.isPrevious);
  if (lines === undefined) {
    throw badRequest(
      options.isPrevious
        ? `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found`
        : `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} is waiting to start: ${waitingReason(pod, container)}`,
    );
  }
  return streamLog(context, request, source, { namespace, name, container }, lines, options);
};

function streamLog(
  context: ApiContext,
  request: ApiRequest,
  source: LogSource,
  place: { namespace: string; name: string; container: string },
  lines: readonly LogLine[],
  options: LogOptions,
): Answer {
  const { response } = request;
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  const print = (line: LogLine): string => {
    const text = options.withTimestamps ? `${line.time} ${line.text}\n` : `${line.text}\n`;
    const shown = Buffer.byteLength(text) <= left ? text : Buffer.from(text).subarray(0, left).toString();
    left -= Buffer.byteLength(shown);
    return shown;
  };
  const outbox = createOutbox(response, outboxLimits, () => response.destroy());
  const recent = lines.filter((line) => options.sinceMs === undefined || Date.parse(line.time) >= options.sinceMs);
  const tail =
    options.tailLines === undefined ? recent : options.tailLines === 0 ? [] : recent.slice(-options.tailLines);
  outbox.pushAll(tail.map(print));
  if (!options.isFollowing || options.isPrevious || left <= 0) {
    outbox.end();
    return 'streamed';
  }
  const stop = source.follow(
    place.namespace,
    place.name,
    place.container,
    (line) => {
      outbox.push(print(line));
      if (left <= 0) finish();
    },
    finish,
    lines.at(-1)?.time ?? '',
  );
  const forget = context.logStreams.add(() => {
    close();
    response.destroy();
  });
  function close(): void {
    stop();
    forget();
  }
  function finish(): void {
    // The source may end within the call to follow, before there is anything to stop.
    setImmediate(close);
    outbox.end();
  }
  response.once('close', close);
  return 'streamed';
}

function parseLogOptions(query: URLSearchParams, nowMs: number): LogOptions {
  const causes: StatusCause[] = [];
  const number = (name: string, min: number): number | undefined => {
    const text = query.get(name) ?? '';
    if (text === '') return undefined;
    if (!/^-?\d+$/.test(text)) throw badRequest(`${name}: Invalid value: ${JSON.stringify(text)}: must be a number`);
    const value = Number(text);
    if (value < min) {
      const rule = min === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0';
      causes.push({ reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${rule}`, field: name });
    }
    return value;
  };
  const isTrue = (name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');
  const sinceSeconds = number('sinceSeconds', 1);
  const sinceTime = query.get('sinceTime') ?? '';
  if (sinceTime !== '' && Number.isNaN(Date.parse(sinceTime))) {
    throw badRequest(`sinceTime: Invalid value: ${JSON.stringify(sinceTime)}: must be a time`);
  }
  if (sinceSeconds !== undefined && sinceTime !== '') {
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
      field: '',
    });
  }
  const options: LogOptions = {
    container: query.get('container') ?? '',
    isFollowing: isTrue('follow'),
    isPrevious: isTrue('previous'),
    withTimestamps: isTrue('timestamps'),
    tailLines: number('tailLines', 0),
    limitBytes: number('limitBytes', 1),
    sinceMs:
      sinceTime !== '' ? Date.parse(sinceTime) : sinceSeconds === undefined ? undefined : nowMs - sinceSeconds * 1000,
  };
  if (causes.length > 0) throw invalid(kind, '', causes);
  return options;
}

/** The only container, or the one that was named. Throws `StatusError` 400 when there is a choice to make. */
function chooseContainer(pod: ClusterObject, asked: string): string {
  const spec = asObject(pod.spec) ?? {};
  const namesIn = (list: string): string[] => asObjectList(spec[list]).map((container) => String(container.name));
  const containers = namesIn('containers');
  const initContainers = namesIn('initContainers');
  const podName = pod.metadata.name;
  if (asked === '') {
    const [only] = containers;
    if (containers.length === 1 && only !== undefined) return only;
    const choices = `choose one of: [${containers.join(' ')}]`;
    const inits = initContainers.length === 0 ? '' : ` or one of the init containers: [${initContainers.join(' ')}]`;
    throw badRequest(`a container name must be specified for pod ${podName}, ${choices}${inits}`);
  }
  if (![...containers, ...initContainers, ...namesIn('ephemeralContainers')].includes(asked)) {
    throw badRequest(`container ${asked} is not valid for pod ${podName}`);
  }
  return asked;
}

function waitingReason(pod: ClusterObject, container: string): string {
  const status = asObject(pod.status) ?? {};
  const all = [...asObjectList(status.containerStatuses), ...asObjectList(status.initContainerStatuses)];
  const found = all.find((each) => each.name === container);
  const reason = asObject(asObject(found?.state)?.waiting)?.reason;
  return typeof reason === 'string' && reason !== '' ? reason : 'ContainerCreating';
}
