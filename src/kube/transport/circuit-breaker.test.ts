import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createBreakers } from './breakers.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { ConnectionError } from './connection-error.ts';

const refused = new ConnectionError('network', 'the connection was refused');
const late = new ConnectionError('deadline', 'no answer within 10 s');

describe('createCircuitBreaker', () => {
  it('opens after three failures in a row, refuses at once, and lets one probe through each 30 s', () => {
    const clock = createManualClock();
    const breaker = createCircuitBreaker({ clock, probedBy: 'monitor' });
    breaker.failed(refused);
    breaker.failed(refused);
    breaker.succeeded();
    breaker.failed(refused);
    breaker.failed(refused);
    expect(breaker.isOpen).toBe(false);
    breaker.failed(refused);
    expect(breaker.isOpen).toBe(true);
    expect(breaker.problem).toBe('the connection was refused');
    expect(() => breaker.enter({ isProbe: true })).toThrow('refused');
    clock.advance(30_000);
    expect(() => breaker.enter()).toThrow('refused');
    breaker.enter({ isProbe: true });
    expect(() => breaker.enter({ isProbe: true })).toThrow('refused');
    clock.advance(29_999);
    expect(() => breaker.enter({ isProbe: true })).toThrow('refused');
    clock.advance(1);
    breaker.enter({ isProbe: true });
    breaker.succeeded();
    breaker.enter();
  });

  it('tells listeners when it opens and closes, once each', () => {
    const breaker = createCircuitBreaker({ clock: createManualClock(), probedBy: 'anyone' });
    const heard: boolean[] = [];
    const remove = breaker.onChange((isOpen) => heard.push(isOpen));
    breaker.trip(refused);
    breaker.trip(late);
    breaker.succeeded();
    breaker.succeeded();
    remove();
    breaker.trip(refused);
    expect(heard).toEqual([true, false]);
  });
});

describe('createBreakers', () => {
  it('charges what an extension API does to its group alone', () => {
    const breakers = createBreakers(createManualClock());
    for (let turn = 0; turn < 3; turn += 1) breakers.judge('metrics.k8s.io', 503, undefined);
    for (let turn = 0; turn < 3; turn += 1) breakers.judge('custom.metrics.k8s.io', 0, late);
    expect(() => breakers.enter('metrics.k8s.io', false)).toThrow('it answered 503');
    expect(() => breakers.enter('custom.metrics.k8s.io', false)).toThrow('no answer');
    breakers.enter('apps', false);
    breakers.enter('keda.sh', false);
  });

  it.each([
    ['a refused connection', 'metrics.k8s.io', 0, refused],
    ['refused credentials', 'apps', 401, refused],
    ['a bad gateway', '', 502, undefined],
    ['a late answer of the API server', 'apps', 0, late],
  ])('charges %s to the cluster', (_name, group, status, error) => {
    const breakers = createBreakers(createManualClock());
    for (let turn = 0; turn < 3; turn += 1) breakers.judge(group, status, error);
    expect(() => breakers.enter('batch', false)).toThrow(ConnectionError);
  });

  it.each([
    ['a refusal', 403, undefined],
    ['a conflict', 409, undefined],
    ['its own limits', 0, new ConnectionError('busy', 'x')],
    ['an answer that is too large', 0, new ConnectionError('too-large', 'x')],
  ])('charges %s to nobody', (_name, status, error) => {
    const breakers = createBreakers(createManualClock());
    for (let turn = 0; turn < 5; turn += 1) breakers.judge('apps', status, error);
    breakers.enter('apps', false);
  });

  it.each([
    ['that is refused', 503, undefined],
    ['that is late', 0, late],
  ])('charges an answer of a node %s to nobody: the cluster around it is there (CMP-109)', (_name, status, error) => {
    const breakers = createBreakers(createManualClock());
    for (let turn = 0; turn < 5; turn += 1) breakers.judge('', status, error, true);
    breakers.enter('apps', false);
  });

  it('charges a connection that the API server itself refused to the cluster, whoever was to answer', () => {
    const breakers = createBreakers(createManualClock());
    for (let turn = 0; turn < 3; turn += 1) breakers.judge('', 0, refused, true);
    expect(() => breakers.enter('apps', false)).toThrow(ConnectionError);
  });
});
