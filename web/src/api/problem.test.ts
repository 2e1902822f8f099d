import { describe, expect, test } from 'vitest';
import { problemFrom, toProblem, unreachable } from './problem';

const answer = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });

describe('an answer that says no', () => {
  test('keeps code, sentence, trace id and the fields that are wrong', () => {
    const problem = problemFrom(answer(400), {
      type: 'x', title: 'Invalid', status: 400,
      error: { code: 'VALIDATION_ERROR', message: 'Two fields are wrong.', details: { errors: [{ field: 'name', issue: 'is no DNS label' }, { field: 'geometry', issue: 'is no size' }] } },
      trace_id: 'abc',
    });
    expect(problem.code).toBe('VALIDATION_ERROR');
    expect(problem.message).toBe('Two fields are wrong.');
    expect(problem.traceId).toBe('abc');
    expect(problem.issueOf('geometry')).toBe('is no size');
    expect(problem.passing).toBe(false);
  });

  test('reads a single field too', () => {
    const problem = problemFrom(answer(400), { error: { code: 'VALIDATION_ERROR', message: 'no', details: { field: 'code', issue: 'is wrong' } } });
    expect(problem.fields).toEqual([{ field: 'code', issue: 'is wrong' }]);
  });

  test('survives a body that is no problem at all', () => {
    for (const body of ['<html>Bad gateway</html>', null, undefined, [], { error: 'x' }]) {
      const problem = problemFrom(answer(502), body);
      expect(problem.code).toBe('HTTP_502');
      expect(problem.passing).toBe(true);
    }
  });

  test('knows how long to wait', () => {
    expect(problemFrom(answer(429, { 'Retry-After': '12' }), {}).retryAfterSeconds).toBe(12);
    expect(problemFrom(answer(429, { 'Retry-After': 'soon' }), {}).retryAfterSeconds).toBeNull();
  });

  test('no answer at all is worth another try, a bug of the page is not', () => {
    expect(unreachable().passing).toBe(true);
    expect(toProblem(new TypeError('x is undefined')).passing).toBe(false);
  });
});
