// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import type { LaunchRules } from '@/api/types';
import { needOf } from './launchRules';

const rules = (approvals: { template: string; status: string }[] = []): LaunchRules =>
  ({
    everywhere: { require_reason: false, require_approval: false, policy: null },
    templates: {
      firefox: { require_reason: true, require_approval: false, policy: 'Why' },
      gimp: { require_reason: false, require_approval: true, policy: 'Ask first' },
    },
    approvals,
  }) as unknown as LaunchRules;

describe('what a launch needs', () => {
  it('is nothing where nothing is known or no policy speaks', () => {
    expect(needOf(undefined, 'gimp').need).toBe('free');
    expect(needOf(rules(), 'terminal').need).toBe('free');
  });

  it('is a reason or an approval where a policy names the template', () => {
    expect(needOf(rules(), 'firefox')).toMatchObject({ need: 'reason', policy: 'Why' });
    expect(needOf(rules(), 'gimp')).toMatchObject({ need: 'ask', policy: 'Ask first' });
  });

  it('follows the approval of this template only', () => {
    expect(needOf(rules([{ template: 'gimp', status: 'pending' }]), 'gimp').need).toBe('waiting');
    expect(needOf(rules([{ template: 'gimp', status: 'pending' }, { template: 'gimp', status: 'granted' }]), 'gimp').need).toBe('approved');
    expect(needOf(rules([{ template: 'other', status: 'granted' }]), 'gimp').need).toBe('ask');
  });
});
