import { podRuntimes, podSandboxRuntimeClass } from '../../profile-keys/pods.ts';
import { isGiven, valueAt, type WorkloadRule } from './seen-workload.ts';

const all = 3;

/** CMP-46: in what containers may run. Where the profile offers everything, every RuntimeClass will do. */
export const checkRuntime: WorkloadRule = ({ object, podSpec, profile }) => {
  const offered = profile.get(podRuntimes);
  const path = [...podSpec, 'runtimeClassName'];
  const given = valueAt(object, path);
  if (!isGiven(given) || offered.length === all) return [];
  const sandbox = profile.get(podSandboxRuntimeClass);
  const classes = [
    ...(offered.includes('RUNC') ? ['runc'] : []),
    ...(sandbox !== null && offered.some((runtime) => runtime !== 'RUNC') ? [sandbox] : []),
  ];
  if (classes.includes(String(given))) return [];
  const message = `runtimeClassName must be one of ${classes.join(', ')} by the profile '${profile.name}', got '${String(given)}'`;
  return [{ path, code: 'not_offered', message }];
};
