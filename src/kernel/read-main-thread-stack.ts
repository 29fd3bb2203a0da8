import { type Debugger, Session } from 'node:inspector';

/** One function that the main thread is in; line and column count from 0. */
export interface StackFrame {
  readonly functionName: string;
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

const answerDeadlineMs = 1_500;

/**
 * Asks from a worker thread what the main thread is doing, innermost function first, by pausing it for a moment. Empty where it
 * does not answer in time: it is inside native code then.
 */
export function readMainThreadStack(): Promise<readonly StackFrame[]> {
  const session = new Session();
  const urls = new Map<string, string>();
  session.connectToMainThread();
  return new Promise((resolve) => {
    const finish = (frames: readonly StackFrame[]) => {
      clearTimeout(timer);
      // Also lets the main thread go on, paused or about to be.
      session.disconnect();
      resolve(frames);
    };
    const timer = setTimeout(() => finish([]), answerDeadlineMs);
    session.on('Debugger.scriptParsed', ({ params }) => {
      urls.set(params.scriptId, params.url);
    });
    session.on('Debugger.paused', ({ params }) => {
      const frames = params.callFrames.map((frame) => toStackFrame(frame, urls));
      session.post('Debugger.resume', () => finish(frames));
    });
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  });
}

function toStackFrame({ functionName, location }: Debugger.CallFrame, urls: ReadonlyMap<string, string>): StackFrame {
  const { scriptId, lineNumber, columnNumber = 0 } = location;
  return { functionName, url: urls.get(scriptId) ?? '', line: lineNumber, column: columnNumber };
}
