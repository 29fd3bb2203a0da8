import { type LogScript, line, type ScriptSubject } from './log-script.ts';

const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'kube-probe/1.36',
];
/** Requests of simulated visitors, weighted by repetition: mostly views, some votes, few mistakes. */
const requests = [
  ['GET / HTTP/1.1', 200, 950],
  ['GET / HTTP/1.1', 200, 950],
  ['GET /static/default.css HTTP/1.1', 304, 0],
  ['POST / HTTP/1.1', 200, 963],
  ['POST / HTTP/1.1', 200, 963],
  ['GET /healthz HTTP/1.1', 200, 2],
  ['GET /favicon.ico HTTP/1.1', 404, 232],
] as const;
const meanGapMs = 1_000;

/** A web front end behind nginx: its start, then access lines of simulated traffic, about one a second. */
export function* webFrontScript(subject: ScriptSubject): LogScript {
  const { random } = subject;
  yield line(0, '*** Starting uWSGI 2.0.30 (64bit) ***');
  yield line(5, 'Python main interpreter initialized at 0x7f4c0c5a3d58');
  yield line(20, "WSGI app 0 (mountpoint='') ready in 0 seconds on interpreter pid: 10 (default app)");
  yield line(4, 'spawned uWSGI master process (pid: 10)');
  yield line(4, 'spawned uWSGI worker 1 (pid: 13, cores: 1)');
  for (;;) {
    const [request, code, bytes] = requests[Math.floor(random() * requests.length)] ?? requests[0];
    const agent = agents[Math.floor(random() * agents.length)] ?? agents[0];
    const client = `10.244.${Math.floor(random() * 3)}.${2 + Math.floor(random() * 250)}`;
    const afterMs = meanGapMs * (0.2 + random() * 1.6);
    const text = (atMs: number): string =>
      `${client} - - [${accessTime(atMs)}] "${request}" ${code} ${bytes} "-" "${agent}" "-"`;
    yield { afterMs, text };
  }
}

/** `21/Nov/2026:09:10:11 +0000`, as access logs have it. */
function accessTime(atMs: number): string {
  const [, day, month, year, time] = new Date(atMs).toUTCString().split(/[ ,]+/);
  return `${day}/${month}/${year}:${time} +0000`;
}
