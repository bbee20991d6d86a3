import torch

# 데이터
x_train = torch.FloatTensor([[1], [2], [3]])
y_train = torch.FloatTensor([[1], [2], [3]])
# 모델 초기화
W = torch.zeros(1)
b = torch.zeros(1)
# learning rate 설정
lr = 0.1

nb_epochs = 10
for epoch in range(nb_epochs + 1):

    # H(x) 계산
    hypothesis = x_train * W + b

    # cost gradient 계산
    cost = torch.mean((hypothesis - y_train) ** 2)
    error = hypothesis - y_train
    gradient_W = torch.sum(error * x_train)
    gradient_b = torch.sum(error)

    print('Epoch {:4d}/{:} W: {:.3f}, b: {:.3f}, Cost: {:.6f}'.format(
        epoch, nb_epochs, W.item(), b.item(), cost.item()
    ))

    # cost gradient로 H(x) 개선
    W -= lr * gradient_W
    b -= lr * gradient_b
