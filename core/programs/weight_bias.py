"""H(x) = Wx + b: the lecture's first page, with a bias. Two weights to learn, so two gradients and two updates."""

from collections.abc import Iterator

import torch
from torch import Tensor, optim

Gradients = tuple[Tensor | None, Tensor | None]

# 데이터
x_train = torch.FloatTensor([[1], [2], [3]])
y_train = torch.FloatTensor([[1], [2], [3]])


def manual_model() -> tuple[Tensor, Tensor, float]:
    # 모델 초기화
    W = torch.zeros(1)
    b = torch.zeros(1)
    # learning rate 설정
    lr = 0.1
    return W, b, lr


def manual_epoch(W: Tensor, b: Tensor, lr: float) -> Iterator[Tensor | tuple[Tensor, Tensor]]:
    # H(x) 계산
    hypothesis = x_train * W + b
    yield hypothesis

    # cost gradient 계산
    cost = torch.mean((hypothesis - y_train) ** 2)
    yield cost
    error = hypothesis - y_train
    gradient_W = torch.sum(error * x_train)
    gradient_b = torch.sum(error)
    yield gradient_W, gradient_b

    # cost gradient로 H(x) 개선
    W -= lr * gradient_W
    b -= lr * gradient_b
    yield W, b


def optim_model() -> tuple[Tensor, Tensor, optim.Optimizer]:
    # 모델 초기화
    W = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    # optimizer 설정
    optimizer = optim.SGD([W, b], lr=0.15)
    return W, b, optimizer


def optim_epoch(W: Tensor, b: Tensor, optimizer: optim.Optimizer) -> Iterator[Tensor | Gradients]:
    # H(x) 계산
    hypothesis = x_train * W + b
    yield hypothesis

    # cost 계산
    cost = torch.mean((hypothesis - y_train) ** 2)
    yield cost

    # cost로 H(x) 개선
    optimizer.zero_grad()
    cost.backward()
    yield W.grad, b.grad
    optimizer.step()
    yield W, b
