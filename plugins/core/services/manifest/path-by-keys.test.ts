import { describe, expect, it } from 'vitest';
import { pathByKeys } from './path-by-keys.ts';

const object = {
  metadata: { finalizers: ['a', 'b'] },
  spec: {
    containers: [
      { name: 'one', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
      { name: 'two "quoted"', env: [{ name: 'A' }] },
    ],
  },
};

describe('pathByKeys', () => {
  it.each([
    [
      ['spec', 'containers', 'name="two \\"quoted\\""', 'env', 'name="A"', 'value'],
      ['spec', 'containers', 1, 'env', 0, 'value'],
    ],
    [
      ['spec', 'containers', 'name="one"', 'ports', 'containerPort=80,protocol="UDP"', 'x'],
      ['spec', 'containers', 0, 'ports', 1, 'x'],
    ],
    [
      ['spec', 'containers', 'name="one"', 'ports', 'containerPort=80,protocol="TCP"'],
      ['spec', 'containers', 0, 'ports', 0],
    ],
    [
      ['metadata', 'finalizers', '="b"'],
      ['metadata', 'finalizers', 1],
    ],
    [
      ['spec', 'containers', 1, 'env'],
      ['spec', 'containers', 1, 'env'],
    ],
    [
      ['spec', 'containers', 'name="none"', 'image'],
      ['spec', 'containers', 'name="none"', 'image'],
    ],
    [
      ['nowhere', 'name="a"', '__proto__'],
      ['nowhere', 'name="a"', '__proto__'],
    ],
  ])('%j is %j', (path, found) => {
    expect(pathByKeys(object, path)).toEqual(found);
  });
});
