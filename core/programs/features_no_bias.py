"""H(X) = XW: many inputs without a bias, as the lecture's own program has none."""

from collections.abc import Iterator

import torch
from torch import Tensor, optim

# 데이터
x_train = torch.FloatTensor([[73, 80, 75], [93, 88, 93], [89, 91, 90], [96, 98, 100], [73, 66, 70]])
y_train = torch.FloatTensor([[152], [185], [180], [196], [142]])


def manual_model() -> tuple[Tensor, float]:
    # 모델 초기화
    W = torch.zeros((x_train.shape[1], 1))
    # learning rate 설정
    lr = 1e-5
    return W, lr


def manual_epoch(W: Tensor, lr: float) -> Iterator[Tensor]:
    # H(x) 계산
    hypothesis = x_train.matmul(W)
    yield hypothesis

    # cost gradient 계산
    cost = torch.mean((hypothesis - y_train) ** 2)
    yield cost
    error = hypothesis - y_train
    gradient_W = torch.sum(error * x_train, dim=0)[:, None]
    yield gradient_W

    # cost gradient로 H(x) 개선
    W -= lr * gradient_W
    yield W


def optim_model() -> tuple[Tensor, optim.Optimizer]:
    # 모델 초기화
    W = torch.zeros((x_train.shape[1], 1), requires_grad=True)
    # optimizer 설정
    optimizer = optim.SGD([W], lr=1e-5)
    return W, optimizer


def optim_epoch(W: Tensor, optimizer: optim.Optimizer) -> Iterator[Tensor | None]:
    # H(x) 계산
    hypothesis = x_train.matmul(W)
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
