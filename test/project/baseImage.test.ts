import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeBaseImage } from '../../server/src/project/baseImage';
import { absent, known, unknown } from '../../server/src/project/answer';

describe('what a base image is, from its name', () => {
  it('knows the Debian release behind a floating Python tag', () => {
    const base = describeBaseImage('python:3.10-slim');
    assert.deepEqual(base.family, known('debian'));
    assert.deepEqual(base.release, known('trixie'));
    assert.deepEqual(base.releaseVersion, known('13'));
    assert.deepEqual(base.python, known('3.10'));
    assert.deepEqual(base.sourcesList, absent);
    assert.deepEqual(base.user, known('root'));
    assert.deepEqual(base.shell, known('dash'));
  });

  it('takes the release that was current when a patch version was last built', () => {
    const release = (tag: string): unknown => describeBaseImage(`python:${tag}`).release;
    assert.deepEqual(release('3.11.3-slim'), known('bullseye'));
    assert.deepEqual(release('3.11.4-slim'), known('bookworm'));
    assert.deepEqual(release('3.11.13-slim'), known('trixie'));
    assert.deepEqual(release('3.11.99-slim'), known('trixie'));
    assert.deepEqual(release('3.8-slim'), known('bookworm'));
    assert.deepEqual(release('3.11.1-alpine'), known('3.17'));
    assert.deepEqual(release('3.99-slim'), unknown);
  });

  it('takes the release from the tag where it is written', () => {
    assert.deepEqual(describeBaseImage('python:3.12-slim-bookworm').release, known('bookworm'));
    assert.deepEqual(describeBaseImage('python:3.12-bullseye').sourcesList, known('list'));
    assert.deepEqual(describeBaseImage('python:3.12-alpine3.20').release, known('3.20'));
    assert.deepEqual(describeBaseImage('debian:12-slim').release, known('bookworm'));
    assert.deepEqual(describeBaseImage('ubuntu:24.04').sourcesList, known('stub'));
    assert.deepEqual(describeBaseImage('ubuntu').release, known('resolute'));
  });

  it('does not date a floating tag that is pinned by a digest', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const floating = describeBaseImage(`python:3.12-slim@${digest}`);
    assert.deepEqual(floating.family, known('debian'));
    assert.deepEqual(floating.release, unknown);
    assert.deepEqual(floating.sourcesList, unknown);
    assert.deepEqual(describeBaseImage(`python:3.12-slim-bookworm@${digest}`).release, known('bookworm'));
    assert.deepEqual(describeBaseImage(`debian:stable@${digest}`).release, unknown);
    assert.deepEqual(describeBaseImage(`python@${digest}`).family, unknown);
  });

  it('sees through the mirrors of Docker Hub', () => {
    for (const mirror of [
      'docker.io/library/',
      'public.ecr.aws/docker/library/',
      'docker.m.daocloud.io/library/',
      'm.daocloud.io/docker.io/library/',
    ]) {
      assert.deepEqual(describeBaseImage(`${mirror}python:3.12-slim`).python, known('3.12'), mirror);
    }
    assert.deepEqual(describeBaseImage('registry.example.com/python:3.12-slim').family, unknown);
  });

  it('knows the flavour and CUDA version of NVIDIA images', () => {
    const base = describeBaseImage('nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04');
    assert.deepEqual(base.cuda, known({ version: '12.4.1', flavor: known('devel'), cudnn: known('') }));
    assert.deepEqual(base.release, known('jammy'));
    assert.deepEqual(base.accelerator, known('nvidia'));
    assert.deepEqual(base.python, absent);
    assert.deepEqual(base.hasProgram('gcc'), known(true));
    assert.deepEqual(describeBaseImage('nvidia/cuda:12.2.0-base-ubuntu22.04').hasProgram('gcc'), absent);
    const old = describeBaseImage('nvcr.io/nvidia/cuda:11.8.0-cudnn8-runtime-ubi8');
    assert.deepEqual(old.family, known('rhel'));
    assert.deepEqual(old.cuda.state === 'known' && old.cuda.value.cudnn, known('8'));
  });

  it('knows which images start without root', () => {
    assert.deepEqual(describeBaseImage('gcr.io/distroless/python3-debian12:nonroot').user, known('65532'));
    assert.deepEqual(describeBaseImage('gcr.io/distroless/python3-debian12').user, known('root'));
    assert.deepEqual(describeBaseImage('registry.access.redhat.com/ubi9/python-312:1').user, known('1001'));
    assert.deepEqual(describeBaseImage('quay.io/jupyter/scipy-notebook').user, known('jovyan'));
    assert.deepEqual(describeBaseImage('cgr.dev/chainguard/python:latest').user, known('65532'));
  });

  it('has no shell in distroless and scratch', () => {
    assert.deepEqual(describeBaseImage('gcr.io/distroless/python3-debian12').shell, absent);
    assert.deepEqual(describeBaseImage('gcr.io/distroless/python3-debian12').python, known('3.11'));
    assert.deepEqual(describeBaseImage('scratch').shell, absent);
    assert.deepEqual(describeBaseImage('alpine:3.20').shell, known('busybox'));
    assert.deepEqual(describeBaseImage('rockylinux:9').shell, known('bash'));
  });

  it('knows the programs health checks ask for', () => {
    assert.deepEqual(describeBaseImage('python:3.12-slim').hasProgram('curl'), absent);
    assert.deepEqual(describeBaseImage('python:3.12').hasProgram('curl'), known(true));
    assert.deepEqual(describeBaseImage('python:3.12-slim').hasProgram('python'), known(true));
    assert.deepEqual(describeBaseImage('python:3.12-alpine').hasProgram('wget'), known(true));
    assert.deepEqual(
      describeBaseImage('pytorch/pytorch:2.3.0-cuda12.1-cudnn8-runtime').hasProgram('curl'),
      unknown,
    );
    assert.deepEqual(describeBaseImage('python:3.12-slim').hasProgram('htop'), unknown);
  });

  it('tells Ascend, Jetson and AMD images from NVIDIA ones', () => {
    assert.deepEqual(
      describeBaseImage('ascendai/cann:8.0.rc1-910b-ubuntu22.04-py3.10').accelerator,
      known('ascend'),
    );
    assert.deepEqual(
      describeBaseImage('ascendai/cann:8.0.rc1-910b-ubuntu22.04-py3.10').python,
      known('3.10'),
    );
    assert.deepEqual(
      describeBaseImage('swr.cn-south-1.myhuaweicloud.com/ascendhub/ascend-infer:24.0.0').accelerator,
      known('ascend'),
    );
    assert.deepEqual(
      describeBaseImage('nvcr.io/nvidia/l4t-pytorch:r35.2.1-pth2.0-py3').accelerator,
      known('jetson'),
    );
    assert.deepEqual(
      describeBaseImage('nvcr.io/nvidia/l4t-pytorch:r35.2.1-pth2.0-py3').release,
      known('focal'),
    );
    assert.deepEqual(describeBaseImage('rocm/dev-ubuntu-22.04:6.0').accelerator, known('amd'));
    assert.deepEqual(describeBaseImage('python:3.12-slim').accelerator, absent);
  });

  it('gives sizes only where somebody published them', () => {
    assert.deepEqual(describeBaseImage('python:3.12-slim').pullBytes, known(43188023));
    assert.deepEqual(describeBaseImage('python:3.12-slim').diskBytes, unknown);
    assert.deepEqual(describeBaseImage('nvidia/cuda:11.7.1-base-ubuntu20.04').diskBytes, known(211_000_000));
    assert.deepEqual(describeBaseImage(`python:3.12-slim@sha256:${'a'.repeat(64)}`).pullBytes, unknown);
    assert.deepEqual(describeBaseImage('scratch').diskBytes, known(0));
  });

  it('says nothing about names nobody listed, variables and nonsense', () => {
    for (const reference of ['mycompany/base:1', '$BASE', 'python:${TAG}', '', 'UPPER:case', 'a b']) {
      const base = describeBaseImage(reference);
      assert.deepEqual(base.family, unknown, reference);
      assert.deepEqual(base.user, unknown, reference);
      assert.deepEqual(base.hasProgram('sh'), unknown, reference);
    }
  });
});
