import { baseOf, purposeOf, stageChain } from '../facts/stageFacts';
import { endOfLife } from '../pythonRelease';
import { defineRule } from '../rule';

export const pythonEndOfLife = defineRule({
  name: 'python-end-of-life',
  on: 'dockerfile',
  concern: 'security',
  severity: 'warning',
  summary: 'The image ships a Python past its end of life.',
  why: 'No security fix reaches this series any more, and new versions of the AI packages stop having wheels for it.',
  next: 'Move to a series that is still maintained.',
  sources: ['Python Developer’s Guide, Status of Python versions'],
  *check({ dockerfile }) {
    const stage = dockerfile.finalStage;
    const word = stage && stageChain(stage)[0]?.from.imageWord;
    if (!stage || !word || purposeOf(dockerfile).purpose === 'template') return;
    const { python, name } = baseOf(stage);
    if (python.state !== 'known' || name.state !== 'known' || !/^(python|pypy)$/.test(name.value)) return;
    const series = /^\d+\.\d+/.exec(python.value)?.[0] ?? '';
    const end = endOfLife(series);
    if (end.state !== 'known' || !end.value.isPast) return;
    const at = word.raw.indexOf(series);
    yield {
      span:
        at === -1 ? word.span : { start: word.span.start + at, end: word.span.start + at + series.length },
      what: 'Python {series} has had no security fixes since {date}',
      with: { series, date: end.value.date },
    };
  },
});
