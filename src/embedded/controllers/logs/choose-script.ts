import type { Pod } from '../kubernetes-shapes.ts';
import { readSimulation } from '../read-simulation.ts';
import { crashScript } from './crash-script.ts';
import { genericScript } from './generic-script.ts';
import { jobScript } from './job-script.ts';
import type { LogScript, ScriptSubject } from './log-script.ts';
import { redisScript } from './redis-script.ts';
import { webFrontScript } from './web-front-script.ts';

/** The script of a container: by what it is simulated to do, else by its image. */
export function chooseScript(pod: Pod, subject: ScriptSubject): LogScript {
  const init = pod.spec.initContainers?.find(({ name }) => name === subject.container);
  const spec = init ?? pod.spec.containers.find(({ name }) => name === subject.container);
  if (spec !== undefined) {
    const program = readSimulation(pod, spec, init === undefined ? 'main' : 'init');
    if (program.exitAfterMs !== undefined) return program.exitCode === 0 ? jobScript(subject) : crashScript(subject);
  }
  if (/redis|valkey/.test(subject.image)) return redisScript(subject);
  if (/front|nginx|httpd|web/.test(subject.image)) return webFrontScript(subject);
  return genericScript(subject);
}
