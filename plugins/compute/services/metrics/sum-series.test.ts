import { expect, it } from 'vitest';
import { sumOfSeries } from './sum-series.ts';

const point = (atSeconds: number, value: number) => ({ atSeconds, value });

it.each([
  ['of nothing, nothing', [], []],
  ['of one, itself', [[point(15, 1), point(30, 2)]], [point(15, 1), point(30, 2)]],
  [
    'at each time of those that have a point then',
    [[point(30, 2)], [point(15, 1), point(30, 5)]],
    [point(15, 1), point(30, 7)],
  ],
])('series are summed up %s (CMP-112)', (_what, series, expected) => {
  expect(sumOfSeries(series.map((points) => ({ points })))).toEqual(expected);
});
