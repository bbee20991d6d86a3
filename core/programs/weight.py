"""H(x) = Wx: the lecture's two programs, word for word. A bare `yield` hands over what a phase has computed."""

from collections.abc import Iterator

import torch
from torch import Tensor, optim

# 데이터
x_train = torch.FloatTensor([[1], [2], [3]])
y_train = torch.FloatTensor([[1], [2], [3]])


def manual_model() -> tuple[Tensor, float]:
    # 모델 초기화
    W = torch.zeros(1)
    # learning rate 설정
    lr = 0.1
    return W, lr


def manual_epoch(W: Tensor, lr: float) -> Iterator[Tensor]:
    # H(x) 계산
    hypothesis = x_train * W
    yield hypothesis

    # cost gradient 계산
    cost = torch.mean((hypothesis - y_train) ** 2)
    yield cost
    gradient = torch.sum((W * x_train - y_train) * x_train)
    yield gradient

    # cost gradient로 H(x) 개선
    W -= lr * gradient
    yield W


def optim_model() -> tuple[Tensor, optim.Optimizer]:
    # 모델 초기화
    W = torch.zeros(1, requires_grad=True)
    # optimizer 설정
    optimizer = optim.SGD([W], lr=0.15)
    return W, optimizer


def optim_epoch(W: Tensor, optimizer: optim.Optimizer) -> Iterator[Tensor | None]:
    # H(x) 계산
    hypothesis = x_train * W
    yield hypothesis

    # cost 계산
    cost = torch.mean((hypothesis - y_train) ** 2)
    yield cost

    # cost로 H(x) 개선
    optimizer.zero_grad()
    cost.backward()
    yield W.grad
    optimizer.step()
    yield W
